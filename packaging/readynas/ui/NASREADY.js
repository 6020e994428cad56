/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * What FrontView calls for this add-on: its frame provides NasState, S, AS, applyChangesAsynch and the rest.
 */
(function () {
  var TAG = 'NASREADY';

  function addOn() {
    return NasState.otherAddOnHash[TAG];
  }

  /* calls `done` with the reply's document once the reply is complete and says success */
  function answered(done) {
    return function () {
      var request = httpAsyncRequestObject;
      if (!request || request.readyState != 4) return;
      if (request.responseText.indexOf('<payload>') != -1) {
        showProgressBar('default');
        var status = request.responseXML.getElementsByTagName('status').item(0);
        var word = status && status.firstChild ? status.firstChild.data : '';
        if (word == 'success') done(request.responseXML);
        else if (word == 'failure') display_error_messages(request.responseXML);
      }
      httpAsyncRequestObject = null;
    };
  }

  function removed(reply) {
    display_messages(reply);
    updateAddOn(TAG);
    if (addOn()) {
      hide_element(TAG + '_LINK');
      return;
    }
    remove_element(TAG);
    if (getNumAddOns() == 0) document.getElementById('no_addons').className = 'visible';
  }

  function toggled(reply) {
    var alerts = reply.getElementsByTagName('normal_alerts').item(0);
    var text = alerts ? grabMessagePayLoad(alerts) : '';
    if (text && text != 'NO_ALERTS') alert(text);
    var off = addOn().Status == 'off';
    addOn().Status = off ? 'on' : 'off';
    addOn().RunStatus = off ? 'OK' : 'not_present';
    refresh_applicable_pages();
  }

  self.NASREADY_preaction = function () {};

  self.NASREADY_onloadaction = function () {
    var link = document.getElementById('NASREADY_PAGE');
    if (link) link.href = 'http://' + window.location.hostname + ':8439/';
  };

  self.NASREADY_enable_save_button = self.NASREADY_enable = function () {
    document.getElementById('BUTTON_NASREADY_APPLY').disabled = false;
  };

  self.NASREADY_page_change = function () {};

  self.NASREADY_remove = function () {
    if (confirm(S['CONFIRM_REMOVE_ADDON']))
      applyChangesAsynch(addOn().DisplayAtom.set_url + '?OPERATION=set&command=RemoveAddOn&data=remove', answered(removed));
  };

  self.NASREADY_apply = function () {
    var box = document.getElementById('CHECKBOX_NASREADY_ENABLED');
    applyChangesAsynch(addOn().DisplayAtom.set_url + '?OPERATION=set&command=ToggleService&CHECKBOX_NASREADY_ENABLED=' +
      (box.checked ? 'checked' : 'unchecked'), answered(toggled));
  };
})();
